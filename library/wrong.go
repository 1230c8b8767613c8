package library

// Wrong says why a file is not taken. The code is stable: clients word it.
type Wrong struct {
	Code WrongCode
	Args map[string]any
}

func (w *Wrong) Error() string { return "library: " + string(w.Code) }

// WrongCode is on the wire and in the client's texts.
type WrongCode string

// The codes.
const (
	NotTaken WrongCode = "document-kind"    // {ending}: no such files are taken
	Lies     WrongCode = "document-lies"    // {ending}: the content is something else than the name says
	Swollen  WrongCode = "document-swollen" // unpacked it is far larger than it looks: a trap
	Full     WrongCode = "library-full"     // {free, limit}, bytes
	Empty    WrongCode = "document-empty"   //
	NotWhole WrongCode = "upload-not-whole" //
)

// WrongCodes lists them all.
func WrongCodes() []WrongCode { return []WrongCode{NotTaken, Lies, Swollen, Full, Empty, NotWhole} }
