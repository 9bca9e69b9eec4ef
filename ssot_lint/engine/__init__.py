"""The ladder: a file climbs from bytes over tokens and units to LibCST only as far as it must."""
