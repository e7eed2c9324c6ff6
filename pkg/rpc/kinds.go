package rpc

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
)

// kindRow pairs a kind with a code. The name is the code's canonical one; it is the reason of an error that names none.
type kindRow struct {
	kind errs.Kind
	code codes.Code
	name string
}

// kinds is the one place where kinds meet codes: a kind's code first, then codes that only others send.
func kinds() []kindRow {
	return []kindRow{
		{errs.Internal, codes.Internal, "INTERNAL"},
		{errs.Invalid, codes.InvalidArgument, "INVALID_ARGUMENT"},
		{errs.NotFound, codes.NotFound, "NOT_FOUND"},
		{errs.Exists, codes.AlreadyExists, "ALREADY_EXISTS"},
		{errs.Precondition, codes.FailedPrecondition, "FAILED_PRECONDITION"},
		{errs.Conflict, codes.Aborted, "ABORTED"},
		{errs.Denied, codes.PermissionDenied, "PERMISSION_DENIED"},
		{errs.Unauthenticated, codes.Unauthenticated, "UNAUTHENTICATED"},
		{errs.Exhausted, codes.ResourceExhausted, "RESOURCE_EXHAUSTED"},
		{errs.Unavailable, codes.Unavailable, "UNAVAILABLE"},
		{errs.Deadline, codes.DeadlineExceeded, "DEADLINE_EXCEEDED"},
		{errs.Cancelled, codes.Canceled, "CANCELLED"},
		{errs.Unimplemented, codes.Unimplemented, "UNIMPLEMENTED"},
		{errs.Invalid, codes.OutOfRange, "OUT_OF_RANGE"},
		{errs.Internal, codes.Unknown, "UNKNOWN"},
		{errs.Internal, codes.DataLoss, "DATA_LOSS"},
	}
}

// rowOfKind is INTERNAL for a kind that is not in the table.
func rowOfKind(k errs.Kind) kindRow {
	for _, row := range kinds() {
		if row.kind == k {
			return row
		}
	}
	return kinds()[0]
}

// rowOfCode is INTERNAL for a code that is not in the table.
func rowOfCode(c codes.Code) kindRow {
	for _, row := range kinds() {
		if row.code == c {
			return row
		}
	}
	return kinds()[0]
}

// codeName is the canonical name of the code that an error becomes: "OK", "NOT_FOUND".
func codeName(err error) string {
	if err == nil {
		return "OK"
	}
	return rowOfCode(status.Code(err)).name
}
