"""What is needed to hand the program over: the wheel, what is in it, whose it is, and how it runs elsewhere."""
