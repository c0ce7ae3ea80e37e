"""A package held against itself, by what lies in its folder: files, defines, datasets, documents, programs."""
