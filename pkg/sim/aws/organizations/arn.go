package organizations

import (
	"fmt"
	"strings"

	"example.com/handover/pkg/sim/aws/state"
)

// arn is a resource below the organization of an account.
func arn(a state.Account, resource, organization string, path ...string) string {
	parts := append([]string{organization}, path...)
	return fmt.Sprintf("arn:%s:organizations::%s:%s/%s", a.Realm(), a.ID, resource, strings.Join(parts, "/"))
}
