package channel

import (
	"context"
	"fmt"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"example.com/handover/pkg/clock"
)

// assemble puts the steps of a call together, in the SDK's order: what the configuration adds comes last, so that it
// finds all of them.
func assemble(stack *middleware.Stack, operation string, o Options, out any) error {
	steps := []func(*middleware.Stack) error{
		func(s *middleware.Stack) error {
			return s.Initialize.Add(&awsmiddleware.RegisterServiceMetadata{
				ServiceID: ServiceID, Region: signingRegion, OperationName: operation,
			}, middleware.Before)
		},
		func(s *middleware.Stack) error { return s.Initialize.Add(requireMembers(operation), middleware.After) },
		func(s *middleware.Stack) error { return s.Serialize.Add(serialize(operation, o), middleware.After) },
		awsmiddleware.AddClientRequestIDMiddleware,
		awsmiddleware.AddRequestUserAgentMiddleware,
		func(s *middleware.Stack) error { return s.Finalize.Add(&v4.ComputePayloadSHA256{}, middleware.After) },
		func(s *middleware.Stack) error {
			return s.Finalize.Add(retry.NewAttemptMiddleware(o.Retryer, smithyhttp.RequestCloner), middleware.After)
		},
		func(s *middleware.Stack) error { return s.Finalize.Add(sign(o), middleware.After) },
		func(s *middleware.Stack) error { return s.Deserialize.Add(deserialize(out), middleware.After) },
		awsmiddleware.AddRecordResponseTiming,
		awsmiddleware.AddRequestIDRetrieverMiddleware,
		awshttp.AddResponseErrorMiddleware,
	}
	for _, add := range append(steps, o.APIOptions...) {
		if err := add(stack); err != nil {
			return fmt.Errorf("%s: %w", ServiceID, err)
		}
	}
	return nil
}

// requireMembers refuses an input before it is sent, as every client of the SDK does.
func requireMembers(operation string) middleware.InitializeMiddleware {
	return middleware.InitializeMiddlewareFunc("OperationInputValidation", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		invalid := smithy.InvalidParamsError{Context: operation + "Input"}
		for _, name := range in.Parameters.(input).missing() {
			invalid.Add(smithy.NewErrParamRequired(name))
		}
		if invalid.Len() > 0 {
			return middleware.InitializeOutput{}, middleware.Metadata{}, invalid
		}
		return next.HandleInitialize(ctx, in)
	})
}

// sign signs each attempt by itself: credentials may be renewed between two.
func sign(o Options) middleware.FinalizeMiddleware {
	signer, machine := v4.NewSigner(), clock.Machine{}
	return middleware.FinalizeMiddlewareFunc("Signing", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		fail := func(err error) (middleware.FinalizeOutput, middleware.Metadata, error) {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, &v4.SigningError{Err: err}
		}
		request, ok := in.Request.(*smithyhttp.Request)
		if !ok || o.Credentials == nil {
			return fail(fmt.Errorf("no credentials for a request of the type %T", in.Request))
		}
		credentials, err := o.Credentials.Retrieve(ctx)
		if err != nil {
			return fail(fmt.Errorf("failed to retrieve credentials: %w", err))
		}
		if err := signer.SignHTTP(
			ctx, credentials, request.Request, v4.GetPayloadHash(ctx), signingName, signingRegion, machine.Now().Time(),
		); err != nil {
			return fail(err)
		}
		return next.HandleFinalize(ctx, in)
	})
}
