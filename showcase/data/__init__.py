"""Files that leave the site: downloads and sitemaps."""
