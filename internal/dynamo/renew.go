package dynamo

import (
	"context"
	"errors"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// renewer gives credentials, and new ones when the service refuses those it gave: somebody may have logged in again
// since the process started.
type renewer struct {
	reload func(context.Context) (aws.CredentialsProvider, error)

	mu         sync.Mutex
	current    aws.CredentialsProvider
	generation int
}

func newRenewer(first aws.CredentialsProvider, reload func(context.Context) (aws.CredentialsProvider, error)) *renewer {
	return &renewer{reload: reload, current: first}
}

// Retrieve gives the credentials of the moment.
func (r *renewer) Retrieve(ctx context.Context) (aws.Credentials, error) {
	current, _ := r.state()
	return current.Retrieve(ctx)
}

func (r *renewer) state() (aws.CredentialsProvider, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current, r.generation
}

// renew replaces the credentials of a generation, unless another call has done so already.
func (r *renewer) renew(ctx context.Context, generation int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.generation != generation {
		return nil
	}
	fresh, err := r.reload(ctx)
	if err != nil {
		return err
	}
	r.current = fresh
	r.generation++
	return nil
}

// middleware repeats a call once, with new credentials, when the service no longer accepts the old ones.
func (r *renewer) middleware(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("ddb.RenewCredentials",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			_, generation := r.state()
			out, metadata, err := next.HandleInitialize(ctx, in)
			if err == nil || !refused(err) || r.renew(ctx, generation) != nil {
				return out, metadata, err
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
}

// refused says whether the credentials were at fault.
func refused(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode() {
	case "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException":
		return true
	}
	return false
}
