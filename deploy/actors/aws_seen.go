package actors

import (
	"context"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// page is the largest that every list allows.
const page = 500

// TransfersAtAWS are the billing transfers that AWS holds of a management account, whatever their status.
func (a AWS) TransfersAtAWS(ctx context.Context, accountID string) ([]*sandboxv1.AwsTransfer, error) {
	resp, err := a.Sandbox.ListTransfersAtAws(a.In(ctx), &sandboxv1.ListTransfersAtAwsRequest{SourceAccountId: accountID, PageSize: page})
	return resp.GetTransfers(), err
}

// Contract is what AWS holds of a management account besides its billing transfer.
func (a AWS) Contract(ctx context.Context, accountID string) (*sandboxv1.AwsContract, error) {
	resp, err := a.Sandbox.GetContract(a.In(ctx), &sandboxv1.GetContractRequest{AccountId: accountID})
	return resp.GetContract(), err
}

// Calls are all calls of an operation that AWS saw.
func (a AWS) Calls(ctx context.Context, operation string) (calls []*sandboxv1.AwsCall, err error) {
	for token := ""; ; {
		resp, err := a.Sandbox.ListAwsCalls(a.In(ctx), &sandboxv1.ListAwsCallsRequest{Operation: operation, PageSize: page, PageToken: token})
		if err != nil {
			return nil, err
		}
		calls = append(calls, resp.GetCalls()...)
		if token = resp.GetNextPageToken(); token == "" {
			return calls, nil
		}
	}
}
