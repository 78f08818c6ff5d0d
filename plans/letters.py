"""Vietnamese small letters, for patterns that tell them from capitals: a range like "à-ỹ" holds both."""

LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
UPPER_LETTER = rf"[^\W\d_{LOWER}]"
LOWER_LETTER = f"[{LOWER}]"
