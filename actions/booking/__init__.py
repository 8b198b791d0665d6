"""Booking a visit in chat: the form, changing and cancelling, the waitlist, appeals."""
