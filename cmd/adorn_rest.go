package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/account"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/modeling"
	"github.com/ddb-cli/ddb/internal/ops/overview"
	"github.com/ddb-cli/ddb/internal/ops/s3export"
	"github.com/ddb-cli/ddb/internal/ops/s3import"
	"github.com/ddb-cli/ddb/internal/ops/transact"
	"github.com/ddb-cli/ddb/internal/wire"
)

// unknownCaller makes credentials that are missing, expired or refused an error at the terminal, where whoami is asked by scripts before they begin. All
// that is known is shown all the same. A service of identities that cannot be reached says nothing about the credentials, and is none.
func unknownCaller(_ context.Context, a *app, _ *account.WhoamiInput, out *account.WhoamiOutput) (*account.WhoamiOutput, error) {
	code, message, _ := strings.Cut(out.IdentityError, ": ")
	if codes[code] != exitDenied {
		return out, nil
	}
	p, err := a.printer()
	if err != nil {
		return nil, err
	}
	doc, err := wire.Marshal(out, account.Whoami.Spec().Nulls...)
	if err == nil {
		err = p.Document(doc, nil)
	}
	if err == nil {
		err = p.Flush()
	}
	if err != nil {
		return nil, fmt.Errorf("write the answer: %w", err)
	}
	return nil, &op.Error{Code: code, Message: message, Hint: "name a profile (AWS_PROFILE or --profile), or run aws configure or aws sso login"}
}

// adornRest gives examples to the commands that need nothing else.
func adornRest(all map[string]adornment) {
	adorn(all, account.Whoami, Adorn[account.WhoamiInput, account.WhoamiOutput]{Example: "ddb whoami\nddb whoami --profile prod --query Arn", After: unknownCaller})
	adorn(all, account.Limits, Adorn[account.LimitsInput, struct{}]{Example: "ddb limits\nddb limits --query TableMaxReadCapacityUnits"})
	adorn(all, account.Endpoints, Adorn[account.EndpointsInput, struct{}]{Example: "ddb endpoints"})
	adorn(all, modeling.Prompt, Adorn[modeling.PromptInput, struct{}]{
		Example: "ddb modeling prompt\nddb modeling prompt > prompt.md",
		Long:    "Print the text that makes a language model a DynamoDB data modeler, whole or one section of it.",
	})
	adorn(all, overview.Table, Adorn[overview.TableInput, struct{}]{Example: "ddb table overview Orders\nddb table overview Orders --query Cost"})
	adorn(all, overview.Guide, Adorn[overview.GuideInput, struct{}]{Example: "ddb guide reduce_cost\nddb guide limits"})
	adorn(all, s3export.Describe, Adorn[s3export.DescribeInput, struct{}]{Example: "ddb s3-export describe arn:aws:dynamodb:us-west-2:000000000000:table/Orders/export/01"})
	adorn(all, s3import.Describe, Adorn[s3import.DescribeInput, struct{}]{Example: "ddb s3-import describe arn:aws:dynamodb:us-west-2:000000000000:table/Orders/import/01"})
	const typed = "The structures are the API's own, with attribute values in DynamoDB JSON; - and @file read standard input and files."
	adorn(all, batch.Get, Adorn[batch.GetInput, struct{}]{
		Long:    "Get up to 100 items by their keys, from any tables. What the service did not get to is in UnprocessedKeys. " + typed,
		Example: `ddb item batch-get --request-items '{"Orders":{"Keys":[{"customer":{"S":"c#1"},"placed":{"S":"2026-01-01"}}]}}'`,
	})
	adorn(all, batch.Write, Adorn[batch.WriteInput, struct{}]{
		Long:    "Put and delete up to 25 items, each by itself. What the service did not get to is in UnprocessedItems; ddb put TABLE - sends such items again by itself. " + typed,
		Example: `ddb item batch-write --request-items @requests.json --yes`,
	})
	adorn(all, transact.Get, Adorn[transact.GetInput, struct{}]{
		Long:    "Get up to 100 items as they are at one moment. " + typed,
		Example: `ddb item transact-get --transact-items '[{"Get":{"TableName":"Orders","Key":{"customer":{"S":"c#1"},"placed":{"S":"2026-01-01"}}}}]'`,
	})
	adorn(all, transact.Write, Adorn[transact.WriteInput, struct{}]{
		Long:    "Do up to 100 puts, updates, deletes and condition checks together, or none of them. A transaction that is cancelled exits with 4 and says which action was the reason. " + typed,
		Example: `ddb item transact-write --transact-items @actions.json --yes`,
	})
}
