"""The parts of tools/make_text_vectors.py."""
