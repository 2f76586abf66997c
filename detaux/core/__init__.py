"""What every room stands on: names, seeds, hashes, errors and checks. Nothing of the method lives here."""
