package bench

import "fmt"

// tolerance of Compare: machines differ from run to run, their ratio to the
// floor less so.
const tolerance = 1.15

// Compare writes a line for each figure with its ratio to the old one; worse
// says that a packet costs more against its floor than tolerance allows.
func Compare(old, now Result) (lines []string, worse bool) {
	for _, f := range []struct {
		name     string
		old, now float64
	}{
		{"packetsPerSecond", old.PacketsPerSecond, now.PacketsPerSecond},
		{"delivered", old.Delivered, now.Delivered},
		{"usPerPacket", old.UsPerPacket, now.UsPerPacket},
		{"floorUsPerPacket", old.FloorUsPerPacket, now.FloorUsPerPacket},
		{"ratio", old.Ratio, now.Ratio},
		{"p50Ms", old.P50Ms, now.P50Ms},
		{"p99Ms", old.P99Ms, now.P99Ms},
		{"arrivalP50Ms", old.ArrivalP50Ms, now.ArrivalP50Ms},
		{"arrivalP99Ms", old.ArrivalP99Ms, now.ArrivalP99Ms},
		{"mibPerParticipant", old.MiBPerParticipant, now.MiBPerParticipant},
	} {
		times := "-"
		if f.old > 0 {
			times = fmt.Sprintf("%.2f", f.now/f.old)
		}
		lines = append(lines, fmt.Sprintf("%-18s %10.2f %10.2f %8s", f.name, f.old, f.now, times))
	}
	return lines, now.Ratio > old.Ratio*tolerance
}
