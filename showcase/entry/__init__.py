"""What the pages of entries need beside the record."""
