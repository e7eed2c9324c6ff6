package channel

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/page"
)

// text is what AWS demands of a string member. The client does not check it, so its mistake shows only here.
type text struct {
	name     string
	min, max int // in characters
	pattern  *regexp.Regexp
}

var (
	printable = regexp.MustCompile(`^[^\x00-\x1F\x7F]*$`)
	account   = regexp.MustCompile(`^\d*$`)
)

var (
	catalog       = text{"catalog", 1, 64, regexp.MustCompile(`^[a-zA-Z]*$`)}
	accountID     = text{"associatedAccountId", 12, 12, account}
	chargeAccount = text{"requestedSupportPlan.chargeAccountId", 12, 12, account}
	tamLocation   = text{"requestedSupportPlan.tamLocation", 1, 1011, printable}
	displayName   = text{"displayName", 1, 30, printable}
	clientToken   = text{"clientToken", 1, 64, regexp.MustCompile(`^[!-~]*$`)}
	revision      = text{"revision", 1, 10, regexp.MustCompile(`^\d*$`)}
	note          = text{"payload.note", 1, 300, printable}
	noticeDays    = text{"payload.minimumNoticeDays", 1, 10, regexp.MustCompile(`^\d*$`)}
	programID     = text{"programManagementAccountIdentifier", 17, 1011, programPattern}
	payloadID     = text{"payload.programManagementAccountIdentifier", 17, 1011, programPattern}
	relationID    = text{"identifier", 16, 1011, relationPattern}
	resourceID    = text{"associatedResourceIdentifier", 16, 1011, resourcePattern}
	handshakeID   = text{"identifier", 16, 1011, handshakePattern}
)

// findings are the members that break a rule.
type findings []types.ValidationExceptionField

func (f *findings) add(field, code, format string, args ...any) {
	*f = append(*f, types.ValidationExceptionField{
		Name: aws.String(field), Code: aws.String(code), Message: aws.String(fmt.Sprintf(format, args...)),
	})
}

func (f *findings) require(t text, v *string) {
	if v == nil {
		f.add(t.name, "REQUIRED_FIELD_MISSING", "%s is required.", t.name)
		return
	}
	f.check(t, v)
}

func (f *findings) check(t text, v *string) {
	if v == nil {
		return
	}
	n := utf8.RuneCountInString(*v)
	if n < t.min || n > t.max || !t.pattern.MatchString(*v) {
		f.add(t.name, "INVALID_STRING_FORMAT", "%s must have between %d and %d characters and match %s.", t.name, t.min, t.max, t.pattern)
	}
}

// err is the exception for what was found; nil when nothing was.
func (f findings) err() error {
	if len(f) == 0 {
		return nil
	}
	return &types.ValidationException{
		Message: aws.String(aws.ToString(f[0].Message)), Reason: types.ValidationExceptionReasonRequestValidationFailed, FieldList: f,
	}
}

// enum is a type that knows its values.
type enum[E any] interface {
	~string
	Values() []E
}

func requireEnum[E enum[E]](f *findings, name string, v E) {
	if v == "" {
		f.add(name, "REQUIRED_FIELD_MISSING", "%s is required.", name)
		return
	}
	checkEnums(f, name, v)
}

func checkEnums[E enum[E]](f *findings, name string, values ...E) {
	for _, v := range values {
		if !slices.Contains(v.Values(), v) {
			f.add(name, "INVALID_ENUM_VALUE", "%q is no value of %s.", v, name)
		}
	}
}

const pageMax = 100

func (f *findings) page(asked *int32) {
	if asked != nil && (*asked < 1 || *asked > pageMax) {
		f.add("maxResults", "VALUE_OUT_OF_RANGE", "maxResults must be between 1 and %d.", pageMax)
	}
}

// cut is one page of rows; list names the list, its caller and its filter.
func cut[T any](rows []T, key func(T) string, asked *int32, next *string, list string) ([]T, *string, error) {
	rows, token, err := page.Cut(rows, key, page.Size(asked, pageMax), next, list)
	if _, wrong := errors.AsType[*page.TokenError](err); wrong {
		var f findings
		f.add("nextToken", "INVALID_VALUE", "nextToken does not continue this list.")
		return nil, nil, f.err()
	}
	return rows, token, err
}
