"""The queue's desk: tickets, windows, who is called next, how long it takes.

Each function does one thing in the caller's transaction, of which it is best the only thing: the hall is held
until the commit (see `hall.queue.state`). What changes something is given `QueueTerms`: the moment and the
rules.
"""

from __future__ import annotations

from hall.queue.accuracy import Accuracy, accuracy
from hall.queue.calling import call_next, finish, pass_over, recall, serve
from hall.queue.errors import (
    NobodyThere,
    NotCheckedIn,
    NotPossible,
    NotYourWindow,
    NoWayBack,
    QueueShut,
    ReasonMissing,
    RecallsSpent,
    UnknownGroup,
    UnknownTicket,
    UnknownWindow,
    WindowBusy,
    WindowNotOpen,
    WindowTaken,
)
from hall.queue.forgetting import forgetting, told_of
from hall.queue.groups import resume_group, stop_group
from hall.queue.joining import join, leave, rejoin
from hall.queue.moving import hold_ticket, resume, transfer
from hall.queue.names import window_names
from hall.queue.outlook import HalfDay, Outlook, UsualHour, outlook
from hall.queue.rules import QueueRules, QueueTerms
from hall.queue.showing import board, my_tickets, tickets, windows
from hall.queue.upkeep import end_day, halls_in_use, sweep, wants_sweep
from hall.queue.views import (
    OPEN_STATES,
    Board,
    Call,
    GroupLine,
    Ticket,
    TicketView,
    Wait,
    Window,
)
from hall.queue.windows import close_window, open_window, pause_window, resume_window, set_stand_in

__all__ = [
    "OPEN_STATES",
    "Accuracy",
    "Board",
    "Call",
    "GroupLine",
    "HalfDay",
    "NoWayBack",
    "NobodyThere",
    "NotCheckedIn",
    "NotPossible",
    "NotYourWindow",
    "Outlook",
    "QueueRules",
    "QueueShut",
    "QueueTerms",
    "ReasonMissing",
    "RecallsSpent",
    "Ticket",
    "TicketView",
    "UnknownGroup",
    "UnknownTicket",
    "UnknownWindow",
    "UsualHour",
    "Wait",
    "Window",
    "WindowBusy",
    "WindowNotOpen",
    "WindowTaken",
    "accuracy",
    "board",
    "call_next",
    "close_window",
    "end_day",
    "finish",
    "forgetting",
    "halls_in_use",
    "hold_ticket",
    "join",
    "leave",
    "my_tickets",
    "open_window",
    "outlook",
    "pass_over",
    "pause_window",
    "recall",
    "rejoin",
    "resume",
    "resume_group",
    "resume_window",
    "serve",
    "set_stand_in",
    "stop_group",
    "sweep",
    "tickets",
    "told_of",
    "transfer",
    "wants_sweep",
    "window_names",
    "windows",
]
