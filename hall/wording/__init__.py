"""Days, limits and numbers of sheets in Chinese: said the same in chat, on pages and in notices."""
