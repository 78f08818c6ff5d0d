"""Texts in the fonts of the time before Unicode."""

from plans.documents.legacy_fonts import convert_by_font, convert_text, guess_encoding


def test_old_fonts_are_turned() -> None:
    assert convert_text("Së Y tÕ chñ tr×", "tcvn3") == "Sở Y tế chủ trì"
    assert convert_text("Sôû Y teá chuû trì", "vni") == "Sở Y tế chủ trì"
    tcvn = "ñy ban nh©n d©n tØnh ban hµnh kÕ ho¹ch thùc hiÖn nhiÖm vô n¨m vµ giao c¸c së chñ tr×"
    assert guess_encoding(tcvn) == "tcvn3"
    for text in (
        "Ủy ban nhân dân tỉnh ban hành kế hoạch thực hiện nhiệm vụ năm và giao các sở chủ trì",
        "Le préfet a décidé de créer une école à côté de la rivière près de la forêt où il est né",
    ):
        assert guess_encoding(text) is None


def test_the_name_of_a_font_decides() -> None:
    assert convert_by_font("Së Y tÕ", ".VnTime") == "Sở Y tế"
    assert convert_by_font("Së Y tÕ", ".VnTimeH") == "SỞ Y TẾ"
    assert convert_by_font("Së Y tÕ", "Times New Roman") == "Së Y tÕ"
    assert convert_by_font("Sở Y tế", ".VnTime") == "Sở Y tế"


def test_few_letters_are_not_guessed() -> None:
    assert guess_encoding("Së Y tÕ") is None
