"""The rules: one package or module per service. Importing a module registers its overrides."""
