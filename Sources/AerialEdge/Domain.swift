// Worlds of this domain stand in the folders beside this file.
