package wire

import (
	"encoding/base64"
	"reflect"
	"time"
)

// toJSON turns a value of the SDK's structs into what encoding/json writes the way AWS does. Members that are not set
// are left out; an empty struct inside a list stays.
func (s Style) toJSON(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return s.toJSON(v.Elem())
	case reflect.Interface:
		return s.unionToJSON(v)
	case reflect.Struct:
		if v.Type() == timeType {
			return s.formatTime(v.Interface().(time.Time))
		}
		object := map[string]any{}
		for field, i := range members(v.Type()) {
			if !absent(v.Field(i)) {
				object[s.name(field)] = s.toJSON(v.Field(i))
			}
		}
		return object
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return base64.StdEncoding.EncodeToString(v.Bytes())
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = s.toJSON(v.Index(i))
		}
		return list
	case reflect.Map:
		object := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			object[it.Key().String()] = s.toJSON(it.Value())
		}
		return object
	default:
		return v.Interface() // strings and enums, booleans, numbers
	}
}
