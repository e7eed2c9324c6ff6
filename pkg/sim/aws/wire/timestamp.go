package wire

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// epoch is the time in seconds since 1970 to the millisecond, as a JSON number.
func epoch(t time.Time) string {
	ms := t.UnixMilli()
	if ms%1000 == 0 {
		return strconv.FormatInt(ms/1000, 10)
	}
	return strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64)
}

const epochMax = 32 // characters, far more than a time needs

// parseEpoch reads such a number exactly: a float would turn the last millisecond of a month into another one.
func parseEpoch(number string) (time.Time, error) {
	notATime := fmt.Errorf("%q is not a time in epoch seconds", number)
	if len(number) > epochMax || strings.ContainsAny(number, "eE/") { // an exponent could make it endless
		return time.Time{}, notATime
	}
	seconds, ok := new(big.Rat).SetString(number)
	if !ok {
		return time.Time{}, notATime
	}
	ms := seconds.Mul(seconds, big.NewRat(1000, 1))
	whole := new(big.Int).Quo(ms.Num(), ms.Denom())
	if !whole.IsInt64() {
		return time.Time{}, fmt.Errorf("%q is out of range", number)
	}
	return time.UnixMilli(whole.Int64()).UTC(), nil
}
