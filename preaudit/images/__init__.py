"""Measures and transforms of pictures: pure functions over arrays of pixels, no file is opened here."""
