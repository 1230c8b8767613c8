module astara

go 1.26.0
