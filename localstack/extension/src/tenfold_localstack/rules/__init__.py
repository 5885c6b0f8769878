"""The rules, a package or file a service. Importing one registers its overrides."""
