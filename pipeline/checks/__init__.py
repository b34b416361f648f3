"""What `brief check` looks for in articles and in finished files of any origin.

In: a project and names of articles, or paths of PDF and DOCX files. Out: findings, as the table in
``check_table`` names them. Nothing is mended and no file is written.
"""
