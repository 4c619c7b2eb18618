"""Measures of speed, memory and accuracy on invented populations of any size: `python -m bench`. No part of the product."""
