"""Builds the images of some projects that .ci/templates made, and runs them as KServe would. Needs root.

options.py says which there have to be, making.py builds them without a server for packages, checks.py has what they must do."""
