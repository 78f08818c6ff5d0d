"""Helpers of the tests: stand-ins, made-up registries, checks that several folders use."""
