package cmd

func adornTables(all map[string]adornment) {}
