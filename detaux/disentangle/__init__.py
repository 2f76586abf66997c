"""Stage one: split an image's latent into K subspaces, each with a code of its own."""
