"""Language models behind `ports.ChatModel`: any OpenAI-compatible server, and one with given replies for tests and demonstrations."""
