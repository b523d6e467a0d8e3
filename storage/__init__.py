"""What is kept: tables, jobs, inbox, audit chain, blobs, vault, people, migrations. All SQL of the program lives here."""
