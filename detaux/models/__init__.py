"""Networks without losses: encoders, decoders, projectors, backbones and heads."""
