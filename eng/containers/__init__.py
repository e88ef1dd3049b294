"""Builds images without a Docker engine, and runs them as KServe would. Needs root.

images.py builds them and lays out their files, process.py runs them, predictor.py stands for what they call,
checks/ has what the images of this repository must do, tool.py the same for a person and for other scripts."""
