"""XLSForm, the spreadsheet that KoboToolbox and ODK write their forms in, brought over as far as our forms go.

What cannot be brought over is never dropped in silence, and nothing is asked of everybody that was meant for some.
"""
