"""The Gradio pages, one module a tab."""
