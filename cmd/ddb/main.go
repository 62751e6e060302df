// Command ddb works with Amazon DynamoDB: from a terminal, for an assistant, and without an account.
package main

import (
	"os"

	"github.com/ddb-cli/ddb/cmd"
)

func main() { os.Exit(cmd.Main()) }
