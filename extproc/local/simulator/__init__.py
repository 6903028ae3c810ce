"""A model pool without a model: the OpenAI and Anthropic surfaces, deterministic, on demand faulty.

An answer says which pool and model served it and repeats the last user text, so a
test sees what reached a model. `behaviour` lists what a caller can ask for.
Nothing that arrives is kept or logged.
"""
