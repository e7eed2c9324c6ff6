package organizations

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

const maxPage = 20

// place is where in a list something stands: lists are ordered by time, then by id.
type place struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

func (p place) compare(q place) int {
	return cmp.Or(p.At.Compare(q.At), cmp.Compare(p.ID, q.ID))
}

// inOrder sorts rows that come from several lists.
func inOrder[T any](rows []T, placeOf func(T) place) []T {
	slices.SortFunc(rows, func(a, b T) int { return placeOf(a).compare(placeOf(b)) })
	return rows
}

// token is what NextToken carries: it continues one list of one caller, and survives that entries vanish.
type token struct {
	List string `json:"list"`
	Last place  `json:"last"`
}

// page cuts one page out of rows that are in order. list names the list, its caller and its filter.
func page[T any](rows []T, placeOf func(T) place, max *int32, next *string, list string) ([]T, *string, error) {
	size, err := pageSize(max)
	if err != nil {
		return nil, nil, err
	}
	if next != nil {
		last, err := readToken(*next, list)
		if err != nil {
			return nil, nil, err
		}
		for len(rows) > 0 && placeOf(rows[0]).compare(last) <= 0 {
			rows = rows[1:]
		}
	}
	if len(rows) <= size {
		return rows, nil, nil
	}
	doc, err := json.Marshal(token{List: list, Last: placeOf(rows[size-1])})
	if err != nil {
		return nil, nil, fmt.Errorf("organizations: next token: %w", err)
	}
	return rows[:size], aws.String(base64.RawURLEncoding.EncodeToString(doc)), nil
}

func pageSize(max *int32) (int, error) {
	switch {
	case max == nil:
		return maxPage, nil
	case *max < 1:
		return 0, invalid(types.InvalidInputExceptionReasonMinValueExceeded, "MaxResults is smaller than 1.")
	case *max > maxPage:
		return 0, invalid(types.InvalidInputExceptionReasonMaxValueExceeded, "MaxResults is larger than %d.", maxPage)
	default:
		return int(*max), nil
	}
}

func readToken(next, list string) (place, error) {
	var t token
	doc, err := base64.RawURLEncoding.DecodeString(next)
	if err != nil || json.Unmarshal(doc, &t) != nil || t.List != list {
		return place{}, invalid(types.InvalidInputExceptionReasonInvalidPaginationToken,
			"Get the value for the NextToken parameter from the response to a previous call of the operation.")
	}
	return t.Last, nil
}
