"""What the routes send, as models: for the OpenAPI document alone. Tests hold real responses against them."""
