"""Runs plans: tokens walk through firing lists, on one worker or several, with the same bits."""
