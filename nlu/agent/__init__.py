"""Rasa in process: a citizen's text in, utterances and the next state of the conversation out.

Start with `nlu.agent.understanding.Understanding`. Nothing here imports Rasa before `Understanding.load`
is called: Rasa's own imports take seconds.
"""
