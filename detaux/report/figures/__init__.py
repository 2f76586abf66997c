"""Figures, one a file: `<name>_info` computes, `plot_<name>` draws on axes, the registered function does both."""
