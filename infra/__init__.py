"""Running Pelagic: the laptop launcher, images and the catalogue of what runs."""
