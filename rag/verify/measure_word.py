"""Chinese measure words: behind a number they say that things are counted."""

MEASURE_WORDS = frozenset("个件张只台盒条位名种款支瓶包袋把颗粒枚根套组对双层档项家人步号页册章行列段圈格卷节遍轮盏间厅门字片份")
