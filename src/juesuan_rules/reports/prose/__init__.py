"""Running text → sentences, figures, mentions (which figure says what of which subject), record sets."""
