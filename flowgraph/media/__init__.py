"""Video, images, sound and pixel conversions, through PyAV."""
