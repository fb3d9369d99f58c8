"""Days and periods that words name, in Vietnamese and in English, before anybody says what they mean for a duty."""
