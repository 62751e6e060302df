// Command ddb is Amazon DynamoDB at the terminal, over MCP, and embedded.
package main

import (
	"os"

	"github.com/ddb-cli/ddb/cmd"
)

func main() { os.Exit(cmd.Main()) }
