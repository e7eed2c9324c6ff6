package wire_test

import "github.com/aws/smithy-go/middleware"

type smithyStack = middleware.Stack

// withoutInputChecks lets a client send an input without its required members.
func withoutInputChecks(s *smithyStack) error {
	_, _ = s.Initialize.Remove("OperationInputValidation") // operations without required members have no such step
	return nil
}
